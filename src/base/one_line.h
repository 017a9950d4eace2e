#ifndef DLA_BASE_ONE_LINE_H
#define DLA_BASE_ONE_LINE_H

/* Replaces control characters: text from files, keys and servers ends up in messages, and neither a
 * newline nor an escape sequence may reach a terminal. */
void dla_one_line(char *text);

#endif
