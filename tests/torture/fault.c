/* Preloaded into a program, makes one of its calls fail. Counted are the calls on files below
 * $FAULT_UNDER: FAULT=write:17:28 makes the 17th write fail with errno 28 (ENOSPC), and with
 * :always behind it all that follow as well. The errno "short" writes half of the bytes. With
 * FAULT_COUNTS=FILE the numbers of calls go there when the program ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preload.h"

#define CALLS(C)                                                                                   \
  C(open) C(read) C(write) C(fsync) C(close) C(rename) C(link) C(unlink) C(mkdir) C(truncate) C(map)

typedef enum call {
#define ENUM(name) CALL_##name,
  CALLS(ENUM) CALL_COUNT
} call;

static const char *const names[] = {
#define NAME(name) #name,
    CALLS(NAME)};

static _Atomic long counts[CALL_COUNT];
static const char *under;
static int failing = -1, error;
static long at;
static bool always, is_short;

__attribute__((constructor)) static void begin(void)
{
  char text[80], *rest = text, *part;
  under = getenv("FAULT_UNDER");
  if (!getenv("FAULT")) return;
  snprintf(text, sizeof text, "%s", getenv("FAULT"));
  part = strsep(&rest, ":");
  for (int c = 0; c < CALL_COUNT; c++)
    if (!strcmp(names[c], part)) failing = c;
  at = rest ? atol(strsep(&rest, ":")) : 0;
  part = rest ? strsep(&rest, ":") : "5";
  is_short = !strcmp(part, "short");
  error = atoi(part);
  always = rest && !strcmp(rest, "always");
}

__attribute__((destructor)) static void tell(void)
{
  FILE *file = getenv("FAULT_COUNTS") ? fopen(getenv("FAULT_COUNTS"), "a") : NULL;
  for (int c = 0; file && c < CALL_COUNT; c++)
    fprintf(file, "%s %ld\n", names[c], atomic_load(&counts[c]));
  if (file) fclose(file);
}

/* Is it this call's turn? */
static bool fails(call c)
{
  const long number = atomic_fetch_add(&counts[c], 1) + 1;
  if (failing != (int)c || number < at || (number > at && !always)) return false;
  errno = error;
  return true;
}

static bool below(const char *path)
{
  return under && path && !strncmp(path, under, strlen(under));
}

static int open_file(const char *name, const char *path, int flags, mode_t mode)
{
  int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))next(name);
  const bool mine = below(path);
  return mine && fails(CALL_open) ? -1 : opened(real(path, flags, mode), mine);
}

OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...)
{
  int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))next("openat");
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = flags & O_CREAT ? (mode_t)va_arg(rest, int) : 0;
  va_end(rest);
  const bool mine = below(path) || ours(folder);
  return mine && fails(CALL_open) ? -1 : opened(real(folder, path, flags, mode), mine);
}

#define STREAM(name)                                                                               \
  FILE *name(const char *path, const char *mode)                                                   \
  {                                                                                                \
    FILE *(*real)(const char *, const char *) =                                                    \
        (FILE * (*)(const char *, const char *)) next(#name);                                      \
    return below(path) && fails(CALL_open) ? NULL : real(path, mode);                              \
  }
STREAM(fopen)
STREAM(fopen64)

int mkstemp(char *path)
{
  int (*real)(char *) = (int (*)(char *))next("mkstemp");
  const bool mine = below(path);
  return mine && fails(CALL_open) ? -1 : opened(real(path), mine);
}

int close(int fd)
{
  int (*real)(int) = (int (*)(int))next("close");
  const bool mine = ours(fd);
  opened(fd, false);
  const int result = real(fd);
  return mine && fails(CALL_close) ? -1 : result;
}

ssize_t read(int fd, void *to, size_t count)
{
  ssize_t (*real)(int, void *, size_t) = (ssize_t(*)(int, void *, size_t))next("read");
  return ours(fd) && fails(CALL_read) ? -1 : real(fd, to, count);
}

ssize_t pread(int fd, void *to, size_t count, off_t offset)
{
  ssize_t (*real)(int, void *, size_t, off_t) =
      (ssize_t(*)(int, void *, size_t, off_t))next("pread");
  return ours(fd) && fails(CALL_read) ? -1 : real(fd, to, count, offset);
}

ssize_t write(int fd, const void *from, size_t count)
{
  ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))next("write");
  if (!ours(fd) || !fails(CALL_write)) return real(fd, from, count);
  return is_short && count > 1 ? real(fd, from, count / 2) : is_short ? real(fd, from, count) : -1;
}

ssize_t pwrite(int fd, const void *from, size_t count, off_t offset)
{
  ssize_t (*real)(int, const void *, size_t, off_t) =
      (ssize_t(*)(int, const void *, size_t, off_t))next("pwrite");
  return ours(fd) && fails(CALL_write) ? -1 : real(fd, from, count, offset);
}

#define ON_FILE(name, kind)                                                                        \
  int name(int fd)                                                                                 \
  {                                                                                                \
    int (*real)(int) = (int (*)(int))next(#name);                                                  \
    return ours(fd) && fails(kind) ? -1 : real(fd);                                                \
  }
ON_FILE(fsync, CALL_fsync)
ON_FILE(fdatasync, CALL_fsync)

int ftruncate(int fd, off_t size)
{
  int (*real)(int, off_t) = (int (*)(int, off_t))next("ftruncate");
  return ours(fd) && fails(CALL_truncate) ? -1 : real(fd, size);
}

#define TWO_PATHS(name)                                                                            \
  int name(const char *from, const char *to)                                                       \
  {                                                                                                \
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))next(#name);    \
    return below(to) && fails(CALL_##name) ? -1 : real(from, to);                                  \
  }
TWO_PATHS(rename)
TWO_PATHS(link)

int unlink(const char *path)
{
  int (*real)(const char *) = (int (*)(const char *))next("unlink");
  return below(path) && fails(CALL_unlink) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
  int (*real)(const char *, mode_t) = (int (*)(const char *, mode_t))next("mkdir");
  return below(path) && fails(CALL_mkdir) ? -1 : real(path, mode);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
  void *(*real)(void *, size_t, int, int, int, off_t) =
      (void *(*)(void *, size_t, int, int, int, off_t))next("mmap");
  return ours(fd) && fails(CALL_map) ? MAP_FAILED
                                     : real(address, length, protection, flags, fd, offset);
}
