/* Seconds on a clock that only goes forward. */
#ifndef DLA_BASE_CLOCK_H
#define DLA_BASE_CLOCK_H

double dla_clock(void);

#endif
