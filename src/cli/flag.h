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
  const char *value; /* what its value is, for help; NULL: a switch; "X...": it may come again */
  const char *doc;
  size_t offset; /* in the verb's options: of a bool for a switch, else of a const char *, or of a
                    dla_flag_list, which options can share */
} dla_flag;

/* What options that may be given again were given, in order. */
enum { DLA_FLAG_LIST = 64 };
typedef struct dla_flag_list {
  struct {
    const char *name, *value;
  } item[DLA_FLAG_LIST];
  int count;
} dla_flag_list;

#endif
