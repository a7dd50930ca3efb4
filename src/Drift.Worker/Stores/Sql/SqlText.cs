using System.Data.Common;

namespace Drift.Worker.Stores.Sql;

/// <summary>Short forms for commands and rows.</summary>
static class SqlText
{
    public static DbCommand Sql(this DbConnection connection, DbTransaction? transaction, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public static int Run(this DbConnection connection, DbTransaction? transaction, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Sql(transaction, text, parameters);
        return command.ExecuteNonQuery();
    }

    public static List<T> List<T>(this DbCommand command, Func<DbDataReader, T> read)
    {
        using var _ = command;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public static async Task<List<T>> ListAsync<T>(this DbCommand command, Func<DbDataReader, T> read, CancellationToken cancel)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }

    public static long? Whole(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static byte[] Bytes(this DbDataReader reader, int column) => (byte[])reader.GetValue(column);
}
