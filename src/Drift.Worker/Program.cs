using Drift.Worker.Commands;

return await DriftCommand.RunAsync(args, Cli.OfProcess());
