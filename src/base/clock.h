/* Seconds on a clock that only goes forward. */
#ifndef DLA_BASE_CLOCK_H
#define DLA_BASE_CLOCK_H

double dla_clock(void);
/* Seconds since this process was started, to a hundredth; 0 where the system does not tell. */
double dla_process_age(void);

#endif
