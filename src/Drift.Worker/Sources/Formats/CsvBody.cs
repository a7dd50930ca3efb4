using System.Text;

namespace Drift.Worker.Sources.Formats;

/// <summary>CSV without a header inside a message, as endpoints take and give it.</summary>
static class CsvBody
{
    public static Frame Read(string text, Frame frame)
    {
        var cells = new List<FrameCell>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[i++]);
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0) quoted = true;
            else if (c is ',' or '\n')
            {
                if (c == ',' || cells.Count > 0 || cell.ToString().Trim().Length > 0) cells.Add(new FrameCell(default, cell.ToString().Trim()));
                cell.Clear();
                if (c == ',' || cells.Count == 0) continue;
                if (!frame.Add(null, cells)) break;
                cells = [];
            }
            else cell.Append(c);
        }
        return frame;
    }
}
