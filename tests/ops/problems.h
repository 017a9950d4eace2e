/* The table of problems; problem.h explains the texts. */
#ifndef DLA_TEST_PROBLEMS_H
#define DLA_TEST_PROBLEMS_H

extern const char *const op_problems[]; /* up to NULL */

/* A chain of residuals, longer than what is recomputed in one go; central differences of so deep a
 * network are too noisy for the table. */
extern const char *const deep_problem;

#endif
