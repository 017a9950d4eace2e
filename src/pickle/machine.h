/* The stack machine that a pickle is a program for: its stack, its memo, and the objects it makes.
 * For src/pickle only. */
#ifndef DLA_PICKLE_MACHINE_H
#define DLA_PICKLE_MACHINE_H

#include "base/fail_at.h"
#include "base/try.h"
#include "pickle/pickle.h"

/* Every opcode makes at most three values, so this bounds all memory. CIFAR-100's largest file
 * needs a twentieth; one whose pixels are Python's own numbers is none that we could train on. */
enum { DLA_PICKLE_OPCODES_MAX = 4000000 };

typedef struct dla_pickle_values {
  dla_pickle_value *items;
  size_t count, capacity;
} dla_pickle_values;

struct dla_pickle {
  dla_pickle_values *objects; /* the items of all that have some */
  size_t object_count, object_capacity;
  uint8_t **texts; /* strings that do not lie in the input as they are */
  size_t text_count, text_capacity;
  dla_pickle_values persistent; /* one for each id outside the pickle, as often as it comes */
  dla_pickle_value root;
  size_t size;
};

typedef struct dla_pickle_machine {
  const dla_pickle_input *input;
  size_t position, opcode; /* where we are, and where the opcode under way began */
  dla_pickle_values stack, memo;
  dla_pickle *pickle;
  size_t texts; /* bytes of text that were decoded */
  bool stopped;
  dla_error *err;
} dla_pickle_machine;

/* At the opcode under way. */
#define FAIL(m, ...)                                                                               \
  dla_fail_at((m)->err, (m)->input->name, (m)->opcode, (m)->input->dialect->hint, __VA_ARGS__)

dla_status dla_machine_push(dla_pickle_machine *m, dla_pickle_value value);
/* The last `count` values of the stack, which must not reach below a mark. */
dla_status dla_machine_top(dla_pickle_machine *m, size_t count, dla_pickle_value **first);
/* How many values are above the last mark. */
dla_status dla_machine_count_to_mark(dla_pickle_machine *m, size_t *count);
/* Pushes a new, empty object. */
dla_status dla_machine_push_object(dla_pickle_machine *m, dla_pickle_kind kind);
/* Moves the last `count` values of the stack into an object. */
dla_status dla_machine_move_into(dla_pickle_machine *m, size_t object, size_t count);
/* Replaces the last `count` values by an object that holds them. */
dla_status dla_machine_wrap(dla_pickle_machine *m, dla_pickle_kind kind, size_t count);
/* Adds the last `count` values to the list or dict that lies `below` values under them. */
dla_status dla_machine_extend(dla_pickle_machine *m, dla_pickle_kind kind, size_t count,
                              size_t below);
/* Replaces the value on top by the thing outside of the pickle that it names. */
dla_status dla_machine_persistent(dla_pickle_machine *m);
/* The memo, by which a pickle says "the same again". */
dla_status dla_machine_put(dla_pickle_machine *m, size_t index);
dla_status dla_machine_get(dla_pickle_machine *m, size_t index);

/* The next bytes of the input. */
dla_status dla_machine_take(dla_pickle_machine *m, size_t count, const uint8_t **bytes);
/* The rest of the line, without its end. */
dla_status dla_machine_take_line(dla_pickle_machine *m, const uint8_t **line, size_t *length);
/* Pushes it as a string. */
dla_status dla_machine_push_line(dla_pickle_machine *m);
/* Room for a string, which is the pickle's. */
dla_status dla_machine_new_text(dla_pickle_machine *m, size_t size, uint8_t **text);

/* Replaces the two strings on top by the global of that module and name. */
dla_status dla_machine_global(dla_pickle_machine *m);
/* Replaces a callable and the tuple of its arguments by what the call makes. */
dla_status dla_machine_reduce(dla_pickle_machine *m);
/* Sets the state of what lies below the top to the top. */
dla_status dla_machine_build(dla_pickle_machine *m);

/* Protocol 0's opcodes, which are followed by lines of text (text_opcodes.c). */
dla_status dla_op_line_integer(dla_pickle_machine *m, size_t unused);
dla_status dla_op_line_float(dla_pickle_machine *m, size_t unused);
dla_status dla_op_line_string(dla_pickle_machine *m, size_t unused);
dla_status dla_op_line_unicode(dla_pickle_machine *m, size_t unused);
dla_status dla_op_line_put(dla_pickle_machine *m, size_t unused);
dla_status dla_op_line_get(dla_pickle_machine *m, size_t unused);
dla_status dla_op_line_persistent(dla_pickle_machine *m, size_t unused);

#endif
