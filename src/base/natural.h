#ifndef DLA_BASE_NATURAL_H
#define DLA_BASE_NATURAL_H

/* Like strcmp(), in the order in which people sort names: numbers by value ("2" before "10"),
 * letters without regard to case. Names that are equal by these rules are ordered by their
 * bytes. */
int dla_natural_compare(const char *a, const char *b);

#endif
