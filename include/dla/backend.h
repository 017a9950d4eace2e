/* What a backend is: a table of functions that lays out a program's values and executes its
 * instructions. See docs/architecture.md. A backend owns no tensors. */
#ifndef DLA_BACKEND_H
#define DLA_BACKEND_H

#include "base/isa.h"
#include "dla/convolution.h"
#include "dla/program.h"
#include "dla/tuning.h"

typedef struct dla_backend_options {
  dla_isa isa;           /* what the processor computes with */
  struct dla_team *team; /* base/team.h: the threads that compute; the caller's */
  dla_convolution convolution;
  dla_tuning *tuning; /* read and added to while planning; NULL: nothing is timed */
  const char *device; /* which one, where there are several: its number, or a part of its name;
                         NULL or "": the first GPU */
} dla_backend_options;

enum { DLA_BACKEND_VERSION = 96 };

/* Does a backend execute the instruction with all of its images in BF16? What it does not is
 * converted around it. Asked before anything is planned. */
typedef bool dla_takes_bf16(const void *backend, const dla_program *program,
                            const dla_instruction *instruction);

/* Memory of a device. Its addresses can be compared and added to as those of any array, and
 * values' data are such addresses; but only the backend can follow them. */
typedef struct dla_backend_memory {
  /* what: "the arena", for the error. */
  dla_status (*allocate)(void *backend, const char *what, size_t bytes, void **address,
                         dla_error *err);
  void (*release)(void *backend, void *address);
  /* Return when it is done. */
  dla_status (*read)(void *backend, const void *address, void *bytes, size_t count, dla_error *err);
  dla_status (*write)(void *backend, void *address, const void *bytes, size_t count,
                      dla_error *err);
  dla_status (*clear)(void *backend, void *address, size_t count, dla_error *err); /* zeros */
  /* Until all that execute() began is done; what failed meanwhile. */
  dla_status (*wait)(void *backend, dla_error *err);
} dla_backend_memory;

/* Order of calls: create; for each program plan, bind, execute ...; release each plan; destroy.
 * bind may come again when the memory moved. */
typedef struct dla_backend {
  const char *name;
  /* Library and version: `text`, or static. Of a device as in dla_backend_options; NULL: in
   * general, for --version. */
  const char *(*version)(const char *device, char text[DLA_BACKEND_VERSION]);

  dla_status (*create)(const dla_backend_options *options, void **backend, dla_error *err);
  void (*destroy)(void *backend);
  dla_takes_bf16 *takes_bf16;       /* NULL: none; but all have DLA_OP_CONVERT */
  const dla_backend_memory *memory; /* NULL: values lie in the process's own */

  /* Chooses a layout for every value: sets bytes and layout of each, and scratchpad_bytes of each
   * instruction. All programs of one backend share the layouts of parameters, which the first plan
   * chooses. DLA_E_UNSUPPORTED names the layer that the backend cannot do. */
  dla_status (*plan)(void *backend, dla_program *program, void **plan, dla_error *err);
  /* Every value's data is set now. */
  dla_status (*bind)(void *plan, const dla_program *program, dla_error *err);
  dla_status (*execute)(void *plan, const dla_program *program, int instruction, dla_error *err);
  void (*release)(void *plan);

  /* Between a value's memory and a plain array (NCHW, OIHW) of its shape. Of parameters,
   * their gradients, state, and the images. */
  dla_status (*read)(void *plan, const dla_value *value, float *plain, dla_error *err);
  dla_status (*write)(void *plan, const dla_value *value, const float *plain, dla_error *err);

  /* What executes an instruction, for people: "jit_wino_4x3:avx512_core". */
  const char *(*implementation)(void *plan, int instruction);
} dla_backend;

/* By name; NULL when this build has none of that name. */
const dla_backend *dla_backend_find(const char *name);
/* The i-th, or NULL past the last; the first is the default. */
const dla_backend *dla_backend_at(int index);

#endif
