#include "process/lines.h"

static void give(dla_lines *lines)
{
  lines->text[lines->length] = '\0';
  lines->length = 0;
  if (lines->line) lines->line(lines->context, lines->text);
}

/* A carriage return alone ends a line, too: progress bars use it to overwrite themselves. */
void dla_lines_take(dla_lines *lines, const char *bytes, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    char c = bytes[i];
    bool second_half = c == '\n' && lines->after_return;
    lines->after_return = c == '\r' && lines->length;
    if (second_half) continue;
    if (c == '\n' || lines->after_return) {
      give(lines);
    } else if (c != '\r') {
      if (lines->length == DLA_LINE_MOST) give(lines);
      lines->text[lines->length++] = c ? c : ' ';
    }
  }
}

void dla_lines_end(dla_lines *lines)
{
  if (lines->length) give(lines);
}
