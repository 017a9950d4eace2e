#ifndef DLA_BASE_NATURAL_H
#define DLA_BASE_NATURAL_H

/* As strcmp(), in the order in which people sort names: numbers by their value ("2" before "10"),
 * letters whatever their case. Names that differ only so are in the order of their bytes. */
int dla_natural_compare(const char *a, const char *b);

#endif
