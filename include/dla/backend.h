/* The interface of a backend: a table of functions that lay out a program's values and execute
 * its instructions. See docs/architecture.md. A backend owns no tensors. */
#ifndef DLA_BACKEND_H
#define DLA_BACKEND_H

#include "base/isa.h"
#include "dla/convolution.h"
#include "dla/program.h"
#include "dla/tuning.h"

typedef struct dla_backend_options {
  dla_isa isa;           /* the instruction set to compute with */
  struct dla_team *team; /* base/team.h: the threads to compute on; owned by the caller */
  dla_convolution convolution;
  dla_tuning *tuning; /* read and extended while planning; NULL: nothing is timed */
  const char *device; /* the device's number, or a part of its name; NULL or "": the first GPU */
} dla_backend_options;

enum { DLA_BACKEND_VERSION = 96 };

/* Can the backend execute the instruction with all of its images in BF16? If not, conversions are
 * added around it. Called before plan(). */
typedef bool dla_takes_bf16(const void *backend, const dla_program *program,
                            const dla_instruction *instruction);

/* Memory of a device. Values' data are addresses in it. They support comparison and arithmetic
 * like any array's, but only the backend can dereference them. */
typedef struct dla_backend_memory {
  /* what: a name for the error, such as "the arena". */
  dla_status (*allocate)(void *backend, const char *what, size_t bytes, void **address,
                         dla_error *err);
  void (*release)(void *backend, void *address);
  /* Both return when the copy is done. */
  dla_status (*read)(void *backend, const void *address, void *bytes, size_t count, dla_error *err);
  dla_status (*write)(void *backend, void *address, const void *bytes, size_t count,
                      dla_error *err);
  dla_status (*clear)(void *backend, void *address, size_t count, dla_error *err); /* zeros */
  /* Waits until everything that execute() began is done. Returns the first failure. */
  dla_status (*wait)(void *backend, dla_error *err);
} dla_backend_memory;

/* Order of calls: create; for each program plan, bind, execute ...; release each plan; destroy.
 * bind is called again if the memory moved. */
typedef struct dla_backend {
  const char *name;
  /* Library and version: `text`, or a static string. device: as in dla_backend_options; NULL: no
   * particular one, for --version. */
  const char *(*version)(const char *device, char text[DLA_BACKEND_VERSION]);

  dla_status (*create)(const dla_backend_options *options, void **backend, dla_error *err);
  void (*destroy)(void *backend);
  dla_takes_bf16 *takes_bf16;       /* NULL: no instruction; but all backends have DLA_OP_CONVERT */
  const dla_backend_memory *memory; /* NULL: values lie in the process's memory */

  /* Chooses a layout for every value: sets bytes and layout of each, and scratchpad_bytes of each
   * instruction. All programs of a backend share the layouts of parameters; the first plan
   * chooses them. DLA_E_UNSUPPORTED names the layer that the backend cannot execute. */
  dla_status (*plan)(void *backend, dla_program *program, void **plan, dla_error *err);
  /* Called when every value's data is set. */
  dla_status (*bind)(void *plan, const dla_program *program, dla_error *err);
  dla_status (*execute)(void *plan, const dla_program *program, int instruction, dla_error *err);
  void (*release)(void *plan);

  /* Copy between a value's memory and a plain array (NCHW, OIHW) of its shape. For parameters,
   * their gradients, state, and images. */
  dla_status (*read)(void *plan, const dla_value *value, float *plain, dla_error *err);
  dla_status (*write)(void *plan, const dla_value *value, const float *plain, dla_error *err);

  /* The implementation of an instruction, for people: "jit_wino_4x3:avx512_core". */
  const char *(*implementation)(void *plan, int instruction);
} dla_backend;

/* Finds a backend by name; NULL: this build has none. */
const dla_backend *dla_backend_find(const char *name);
/* The i-th, or NULL past the last; the first is the default. */
const dla_backend *dla_backend_at(int index);

#endif
