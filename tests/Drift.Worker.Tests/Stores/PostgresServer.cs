namespace Drift.Tests;

sealed partial class PostgresServer
{
    /// <summary>The server; the test is skipped, loudly, where there is none.</summary>
    public static PostgresServer Shared
    {
        get
        {
            Assert.SkipWhen(IfAny is null, "PostgreSQL is not installed here (postgresql-15), and DRIFT_POSTGRES names no other");
            return IfAny!;
        }
    }
}
