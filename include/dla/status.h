/* The error convention of dla-train.
 *
 * A function that can fail returns a dla_status. Its last parameter is the caller's dla_error,
 * which it fills with one line for people: where, what, and a hint on what to do. Libraries
 * neither print nor exit; only main() turns an error into a message and an exit status.
 *
 *    if (n > limit)
 *      return dla_fail(err, DLA_E_INPUT, path, "use the original archive",
 *                      "%zu images, but at most %zu fit", n, limit); */
#ifndef DLA_STATUS_H
#define DLA_STATUS_H

typedef enum dla_status {
  DLA_OK = 0,
  DLA_E_INPUT,       /* the user's input is wrong: config, option, data file, checkpoint */
  DLA_E_IO,          /* reading or writing failed although the request was right */
  DLA_E_DAMAGED,     /* data from the network differs from what was sent */
  DLA_E_MEMORY,      /* an allocation failed */
  DLA_E_UNSUPPORTED, /* a valid request that this build or backend cannot do */
  DLA_E_DIVERGED,    /* training produced a NaN or an infinity */
  DLA_E_INTERRUPTED, /* stopped on request; the work is saved and can be resumed */
  DLA_E_NOT_PUSHED,  /* the work is done, but some of its output did not reach its destination */
  DLA_E_STEP,        /* a step of a workflow, or a trial, failed; the error has an exit_status */
  DLA_E_INTERNAL     /* a bug of ours, or a library that broke its contract */
} dla_status;

/* Exit statuses of the program; documented in the README. */
enum {
  DLA_EXIT_OK = 0,
  DLA_EXIT_FAILURE = 1,      /* I/O, memory, internal */
  DLA_EXIT_INPUT = 2,        /* bad input: DLA_E_INPUT, DLA_E_UNSUPPORTED */
  DLA_EXIT_DIVERGED = 3,     /* loss became NaN or infinite */
  DLA_EXIT_NOT_PUSHED = 74,  /* output could not be pushed (EX_IOERR of sysexits.h) */
  DLA_EXIT_INTERRUPTED = 75, /* interrupted, resumable (EX_TEMPFAIL of sysexits.h) */
};

/* A caller-owned error; zero-initialise it. Holds no pointers, so it may be copied and dropped. */
typedef struct dla_error {
  dla_status status;
  char where[256]; /* "config.yaml:12", "data_batch_1, byte 34"; may be empty */
  char what[512];  /* one sentence, no full stop */
  char hint[256];  /* what to do about it; may be empty */
  int exit_status; /* of DLA_E_STEP; else 0 */
} dla_error;

/* Fills err (which may be NULL) and returns status, so that `return dla_fail(...)` reads well.
 * where and hint may be NULL. Control characters are replaced, so an error stays one line. */
dla_status dla_fail(dla_error *err, dla_status status, const char *where, const char *hint,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* dla_fail(err, DLA_E_MEMORY, ...) for a failed allocation of `what`. */
dla_status dla_fail_memory(dla_error *err, const char *what);

/* dla_fail(err, DLA_E_IO, ...) with strerror(errno): "cannot <action>: No such file". */
dla_status dla_fail_errno(dla_error *err, const char *where, const char *action);

/* The process exit status that reports this status. */
int dla_exit_status(dla_status status);

#endif
