/* What the libraries share that tests preload into a program. */
#ifndef TORTURE_PRELOAD_H
#define TORTURE_PRELOAD_H

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

enum { MOST_FILES = 4096 };
static atomic_bool is_ours[MOST_FILES]; /* by descriptor: a file below the folder */

/* The function that the program would have called. */
static void *next(const char *name)
{
  return dlsym(RTLD_NEXT, name);
}

static bool ours(int fd)
{
  return fd >= 0 && fd < MOST_FILES && atomic_load(&is_ours[fd]);
}

static int opened(int fd, bool mine)
{
  if (fd >= 0 && fd < MOST_FILES) atomic_store(&is_ours[fd], mine);
  return fd;
}

/* open(2) under one of its names, by open_file(name, path, flags, mode). */
#define OPEN(name)                                                                                 \
  int name(const char *path, int flags, ...)                                                       \
  {                                                                                                \
    va_list rest;                                                                                  \
    va_start(rest, flags);                                                                         \
    const mode_t mode = flags & O_CREAT ? (mode_t)va_arg(rest, int) : 0;                           \
    va_end(rest);                                                                                  \
    return open_file(#name, path, flags, mode);                                                    \
  }

#endif
