/* The options a verb declares for itself, as a small constant table:
 *
 *   typedef struct { bool json; const char *out; } bench_options;
 *   static const dla_flag flags[] = {
 *       {"json", NULL, "print JSON lines", offsetof(bench_options, json)},
 *       {"out", "FILE", "write there", offsetof(bench_options, out)},
 *       {0},
 *   };
 */
#ifndef DLA_CLI_FLAG_H
#define DLA_CLI_FLAG_H

#include <stddef.h>

typedef struct dla_flag {
  const char *name;  /* without the dashes; NULL ends a table */
  const char *value; /* what its value is, for help; NULL: a switch */
  const char *doc;
  size_t offset; /* in the verb's options: of a bool for a switch, else of a const char * */
} dla_flag;

#endif
