#include <config.h>

#include "backend/openblas/library.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/openblas/core.h"

#define SONAME "libopenblas.so.0"

/* ---- Loading
 * ------------------------------------------------------------------------------------- */

static bool is_variable(const char *entry, const char *name)
{
  size_t length = strlen(name);
  return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/* A copy of the environment that sets one thread and the core. The strings are borrowed. NULL: no
 * memory. */
static char **make_environment(char *core)
{
  static char one_thread[] = "OPENBLAS_NUM_THREADS=1"; /* never written */
  size_t count = 0, kept = 0;
  while (environ && environ[count])
    count++;
  char **copy = calloc(count + 3, sizeof *copy);
  if (!copy) return NULL;
  for (size_t i = 0; i < count; i++)
    if (!is_variable(environ[i], "OPENBLAS_NUM_THREADS")) copy[kept++] = environ[i];
  copy[kept++] = one_thread;
  if (core[0]) copy[kept++] = core;
  return copy;
}

/* The library reads its variables once, while it is loaded. setenv() could move the environment
 * while other threads read it, and children would inherit the variables. So the whole environment
 * is exchanged during the load. The copy is kept: a thread may still be reading it. */
static dla_status load(openblas_library *library, dla_isa isa, dla_error *err)
{
  static const char name[] = "OPENBLAS_CORETYPE";
  openblas_features features = openblas_detect_features(isa);
  const char *chosen = getenv(name) ? NULL : openblas_choose_core(&features);
  if (chosen) snprintf(library->variable, sizeof library->variable, "%s=%s", name, chosen);
  library->environment = make_environment(library->variable);
  if (!library->environment) return dla_fail_memory(err, "the environment");
  char **before = environ;
  environ = library->environment;
  library->handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
  environ = before;
  if (library->handle) return DLA_OK;
  const char *why = dlerror();
  return dla_fail(
      err, DLA_E_UNSUPPORTED, "backend.name", "on Debian: apt-get install libopenblas0-pthread",
      "the openblas backend needs OpenBLAS, which does not load: %s", why ? why : SONAME);
}

/* Stores a function of the library in the pointer at *function. ISO C has no cast for it. */
static bool find(const openblas_library *library, const char *name, void *function)
{
  void *symbol = dlsym(library->handle, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol;
}

static dla_status find_functions(openblas_library *library, dla_error *err)
{
  char *(*config)(void), *(*core)(void);
  if (!find(library, "cblas_sgemm", &library->sgemm) ||
      !find(library, "openblas_get_config", &config) ||
      !find(library, "openblas_get_corename", &core))
    return dla_fail(err, DLA_E_UNSUPPORTED, "backend.name",
                    "install OpenBLAS 0.3.10 or later as " SONAME,
                    SONAME " lacks a function that OpenBLAS has");
  const char *text = config(); /* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." */
  size_t name = strcspn(text, " "), length = name + strcspn(text + name, "0123456789");
  length += strcspn(text + length, " ");
  snprintf(library->version, sizeof library->version, "%.*s", (int)length, text);
  snprintf(library->core, sizeof library->core, "%s", core());
  return DLA_OK;
}

/* ---- Checking
 * ------------------------------------------------------------------------------------ */

/* Sizes that are no multiples of any kernel's blocks. */
enum { ROWS = 37, COLUMNS = 29, DEPTH = 53 };

static float number(int i)
{
  return (float)(i * 37 % 101) / 50 - 1;
}

static bool is_right(const openblas_library *library, bool a_turned, bool b_turned)
{
  float a[ROWS * DEPTH], b[DEPTH * COLUMNS], c[ROWS * COLUMNS];
  for (int i = 0; i < ROWS * DEPTH; i++)
    a[i] = number(i);
  for (int i = 0; i < DEPTH * COLUMNS; i++)
    b[i] = number(3 * i + 1);
  for (int i = 0; i < ROWS * COLUMNS; i++)
    c[i] = number(7 * i + 2);
  library->sgemm(OPENBLAS_ROW_MAJOR, a_turned ? OPENBLAS_TRANSPOSED : OPENBLAS_PLAIN,
                 b_turned ? OPENBLAS_TRANSPOSED : OPENBLAS_PLAIN, ROWS, COLUMNS, DEPTH, 1, a,
                 a_turned ? ROWS : DEPTH, b, b_turned ? DEPTH : COLUMNS, 1, c, COLUMNS);
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < COLUMNS; j++) {
      double sum = number(7 * (i * COLUMNS + j) + 2);
      for (int d = 0; d < DEPTH; d++)
        sum += (double)a[a_turned ? d * ROWS + i : i * DEPTH + d] *
               b[b_turned ? j * DEPTH + d : d * COLUMNS + j];
      if (!(fabs(sum - c[i * COLUMNS + j]) < 1e-4)) return false;
    }
  return true;
}

static dla_status check(const openblas_library *library, dla_error *err)
{
  for (int kind = 0; kind < 4; kind++)
    if (!is_right(library, kind & 1, kind & 2))
      return dla_fail(err, DLA_E_UNSUPPORTED, "backend.name",
                      "set OPENBLAS_CORETYPE to another core, or take another backend",
                      "%s multiplies matrices wrongly with its core %s", library->version,
                      library->core);
  return DLA_OK;
}

dla_status openblas_load(openblas_library *library, dla_isa isa, dla_error *err)
{
  *library = (openblas_library){0};
  dla_status status = load(library, isa, err);
  if (!status) status = find_functions(library, err);
  if (!status) status = check(library, err);
  if (status) openblas_unload(library);
  return status;
}

void openblas_unload(openblas_library *library)
{
  if (library->handle) dlclose(library->handle);
  free(library->environment);
  *library = (openblas_library){0};
}
