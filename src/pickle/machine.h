/* The stack machine that runs a pickle's program: its stack, its memo, and the objects it makes.
 * For src/pickle only. */
#ifndef DLA_PICKLE_MACHINE_H
#define DLA_PICKLE_MACHINE_H

#include "base/fail_at.h"
#include "base/try.h"
#include "pickle/pickle.h"

/* Every opcode makes at most three values, so this limits all memory. CIFAR-100's largest file
 * needs a twentieth of it. A file whose pixels are Python's own numbers would need more, and is no
 * file to train on. */
enum { DLA_PICKLE_OPCODES_MAX = 4000000 };

typedef struct dla_pickle_values {
  dla_pickle_value *items;
  size_t count, capacity;
} dla_pickle_values;

struct dla_pickle {
  dla_pickle_values *objects; /* the items of all values that have items */
  size_t object_count, object_capacity;
  uint8_t **texts; /* decoded strings that are not in the input as they are */
  size_t text_count, text_capacity;
  dla_pickle_values persistent; /* every id of something outside the pickle, each time it occurs */
  dla_pickle_value root;
  size_t size;
};

typedef struct dla_pickle_machine {
  const dla_pickle_input *input;
  size_t position, opcode; /* the current place, and where the current opcode began */
  dla_pickle_values stack, memo;
  dla_pickle *pickle;
  size_t texts; /* bytes of text decoded so far */
  bool stopped;
  dla_error *err;
} dla_pickle_machine;

/* Fails at the current opcode. */
#define FAIL(m, ...)                                                                               \
  dla_fail_at((m)->err, (m)->input->name, (m)->opcode, (m)->input->dialect->hint, __VA_ARGS__)

dla_status dla_machine_push(dla_pickle_machine *m, dla_pickle_value value);
/* The last `count` values of the stack. They must not include a mark. */
dla_status dla_machine_top(dla_pickle_machine *m, size_t count, dla_pickle_value **first);
/* Counts the values above the last mark. */
dla_status dla_machine_count_to_mark(dla_pickle_machine *m, size_t *count);
/* Pushes a new, empty object. */
dla_status dla_machine_push_object(dla_pickle_machine *m, dla_pickle_kind kind);
/* Moves the last `count` values of the stack into an object. */
dla_status dla_machine_move_into(dla_pickle_machine *m, size_t object, size_t count);
/* Replaces the last `count` values by an object that contains them. */
dla_status dla_machine_wrap(dla_pickle_machine *m, dla_pickle_kind kind, size_t count);
/* Adds the last `count` values to the list or dict that is `below` values under them. */
dla_status dla_machine_extend(dla_pickle_machine *m, dla_pickle_kind kind, size_t count,
                              size_t below);
/* Replaces the value on top by a reference to the thing outside the pickle that it names. */
dla_status dla_machine_persistent(dla_pickle_machine *m);
/* The memo: a pickle refers to an earlier value through it. */
dla_status dla_machine_put(dla_pickle_machine *m, size_t index);
dla_status dla_machine_get(dla_pickle_machine *m, size_t index);

/* Takes the next bytes of the input. */
dla_status dla_machine_take(dla_pickle_machine *m, size_t count, const uint8_t **bytes);
/* Takes the rest of the line, without its end. */
dla_status dla_machine_take_line(dla_pickle_machine *m, const uint8_t **line, size_t *length);
/* Takes a line and pushes it as a string. */
dla_status dla_machine_push_line(dla_pickle_machine *m);
/* Allocates room for a string; the pickle owns it. */
dla_status dla_machine_new_text(dla_pickle_machine *m, size_t size, uint8_t **text);

/* Replaces the two strings on top by the global with that module and name. */
dla_status dla_machine_global(dla_pickle_machine *m);
/* Replaces a callable and the tuple of its arguments by the result of the call. */
dla_status dla_machine_reduce(dla_pickle_machine *m);
/* Takes the value on top as the state of the value below it. */
dla_status dla_machine_build(dla_pickle_machine *m);

/* Opcodes of protocol 0; lines of text follow them (text_opcodes.c). */
dla_status dla_op_line_integer(dla_pickle_machine *m);
dla_status dla_op_line_float(dla_pickle_machine *m);
dla_status dla_op_line_string(dla_pickle_machine *m);
dla_status dla_op_line_unicode(dla_pickle_machine *m);
dla_status dla_op_line_put(dla_pickle_machine *m);
dla_status dla_op_line_get(dla_pickle_machine *m);
dla_status dla_op_line_persistent(dla_pickle_machine *m);

#endif
