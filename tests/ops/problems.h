/* The table of problems; problem.h explains the texts. */
#ifndef DLA_TEST_PROBLEMS_H
#define DLA_TEST_PROBLEMS_H

extern const char *const op_problems[]; /* up to NULL */

#endif
