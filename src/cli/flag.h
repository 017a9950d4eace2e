/* The options that a verb declares for itself, as a small constant table:
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

#include <stdbool.h>
#include <stddef.h>

typedef struct dla_flag {
  const char *name;  /* without the dashes; NULL ends a table */
  const char *value; /* the name of its value, for help; NULL: a switch; "X...": may be repeated */
  const char *doc;
  size_t offset; /* of the field in the verb's options: a bool for a switch, else a const char *, or
                  * a dla_flag_list, which options can share */
} dla_flag;

/* The values of options that may be repeated, in order. */
enum { DLA_FLAG_LIST = 64 };
typedef struct dla_flag_list {
  struct {
    const char *name, *value;
  } item[DLA_FLAG_LIST];
  int count;
} dla_flag_list;

/* The options of a verb that has no other than --json. */
typedef struct dla_json_option {
  bool json;
} dla_json_option;

#endif
