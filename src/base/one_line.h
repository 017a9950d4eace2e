#ifndef DLA_BASE_ONE_LINE_H
#define DLA_BASE_ONE_LINE_H

/* Replaces control characters: text from files, keys and servers ends up in messages, and neither a
 * newline nor an escape sequence may reach a terminal. What is no UTF-8 goes, too: a terminal may
 * take its bytes for control characters. */
void dla_one_line(char *text);

#endif
