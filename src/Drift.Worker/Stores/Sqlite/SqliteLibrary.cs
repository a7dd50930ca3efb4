using System.Reflection;
using System.Runtime.InteropServices;

namespace Drift.Worker.Stores.Sqlite;

/// <summary>
/// Which native SQLite is used. The packages bring one along; where only an old generation of them is to be had (2.0 of the provider, with a SQLite of
/// 2021), the operating system's own patched library is taken instead, if it has one.
/// </summary>
static class SqliteLibrary
{
    const string Provider = "SQLitePCLRaw.provider.e_sqlite3";
    static readonly Lazy<bool> resolved = new(Resolve);

    public static void Use() => _ = resolved.Value;

    static bool Resolve()
    {
        var provider = Assembly.Load(Provider);
        var outdated = provider.GetName().Version is { } version && version < new Version(2, 1);
        if (!outdated || !NativeLibrary.TryLoad(SystemName, out var system)) return false;
        NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == "e_sqlite3" ? system : 0);
        return true;
    }

    static string SystemName => OperatingSystem.IsWindows() ? "winsqlite3" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0";
}
