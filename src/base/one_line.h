#ifndef DLA_BASE_ONE_LINE_H
#define DLA_BASE_ONE_LINE_H

/* Replaces control characters by '?'. Text from files, keys and servers ends up in messages, and
 * neither a newline nor an escape sequence may reach a terminal. Invalid UTF-8 is replaced, too: a
 * terminal may take its bytes for control characters. */
void dla_one_line(char *text);

#endif
