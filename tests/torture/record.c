/* Preloaded into a program, writes to $RECORD what the program and its children do to the files
 * below the folder $RECORD_UNDER, in order, and what they print. crash_states.py reads it.
 *
 * A record is a line "OP inode number count<TAB>path<TAB>path", paths from the folder on, and
 * `count` bytes behind it with a newline: C created   M made a folder   Y made a link   W wrote
 * `count` bytes at `number`   T has `number` bytes R renamed   L linked   U unlinked   D removed a
 * folder   S synced   F synced the file system X printed `count` bytes   ! did what is not followed
 * here: a shared mapping, a copy in the kernel */
#define _GNU_SOURCE
#include "preload.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *under;
static int log_file = -1;

/* ---- The record ---- */

static void put(const void *bytes, size_t count)
{
  for (const char *p = bytes; count;) {
    const long done = syscall(SYS_write, log_file, p, count);
    if (done <= 0) abort(); /* half a record is worth nothing */
    p += done;
    count -= (size_t)done;
  }
}

/* From here to leave(), what is done and the record of it are one. */
static void enter(void)
{
  pthread_mutex_lock(&lock);
  if (log_file >= 0) flock(log_file, LOCK_EX);
}

static void leave(void)
{
  if (log_file >= 0) flock(log_file, LOCK_UN);
  pthread_mutex_unlock(&lock);
}

static const char *below(const char *path)
{
  const size_t length = strlen(under);
  return strncmp(path, under, length) == 0 ? path + length + (path[length] == '/') : path;
}

static void note(char op, unsigned long long inode, long long number, size_t count, const char *a,
                 const char *b, const void *bytes)
{
  char head[2 * PATH_MAX + 80];
  const int length = snprintf(head, sizeof head, "%c %llu %lld %zu\t%s\t%s\n", op, inode, number,
                              count, a ? below(a) : "", b ? below(b) : "");
  if (log_file < 0) return;
  put(head, (size_t)length);
  if (count) put(bytes, count);
  if (count) put("\n", 1);
}

static unsigned long long inode_of(int fd)
{
  struct stat info;
  return fstat(fd, &info) ? 0 : info.st_ino;
}

static unsigned long long inode_at(const char *path)
{
  struct stat info;
  return lstat(path, &info) ? 0 : info.st_ino;
}

/* Makes the path absolute. Is it below the folder? */
static bool find(int folder, const char *path, char whole[PATH_MAX])
{
  char link[40], start[PATH_MAX] = "";
  if (!under || !path) return false;
  if (path[0] != '/' && folder == AT_FDCWD && !getcwd(start, sizeof start)) return false;
  if (path[0] != '/' && folder != AT_FDCWD) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    const ssize_t length = readlink(link, start, sizeof start - 1);
    if (length < 0) return false;
    start[length] = '\0';
  }
  while (path[0] == '.' && path[1] == '/')
    path += 2;
  if (path[0] == '.' && !path[1]) path++;
  const int length = snprintf(whole, PATH_MAX, "%s%s%s", start, *start && *path ? "/" : "", path);
  const size_t size = strlen(under);
  if (length >= PATH_MAX) return false;
  return strncmp(whole, under, size) == 0 && (!whole[size] || whole[size] == '/');
}

/* ---- What is printed ---- */

static ssize_t print(void *to, const char *bytes, size_t count)
{
  enter();
  note('X', 0, 0, count, NULL, NULL, bytes);
  leave();
  return syscall(SYS_write, (int)(long)to, bytes, count);
}

__attribute__((constructor)) static void begin(void)
{
  static const cookie_io_functions_t printing = {.write = print};
  if (!getenv("RECORD")) return;
  under = getenv("RECORD_UNDER");
  log_file = (int)syscall(SYS_openat, AT_FDCWD, getenv("RECORD"),
                          O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  stdout = fopencookie((void *)1L, "w", printing);
  stderr = fopencookie((void *)2L, "w", printing);
  setvbuf(stderr, NULL, _IONBF, 0);
}

/* ---- Opening ---- */

static int recorded_open(int folder, const char *path, int flags, mode_t mode)
{
  int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))next("openat");
  char whole[PATH_MAX];
  struct stat info;
  if (!find(folder, path, whole)) return opened(real(folder, path, flags, mode), false);
  enter();
  const bool there = stat(whole, &info) == 0;
  const int fd = opened(real(folder, path, flags, mode), true);
  if (fd >= 0 && !there) note('C', inode_of(fd), 0, 0, whole, NULL, NULL);
  if (fd >= 0 && there && flags & O_TRUNC && info.st_size)
    note('T', inode_of(fd), 0, 0, NULL, NULL, NULL);
  leave();
  return fd;
}

static int open_file(const char *name, const char *path, int flags, mode_t mode)
{
  (void)name;
  return recorded_open(AT_FDCWD, path, flags, mode);
}

OPEN(open)
OPEN(open64)
OPEN(__open_2)
OPEN(__open64_2)

#define OPEN_AT(name)                                                                              \
  int name(int folder, const char *path, int flags, ...)                                           \
  {                                                                                                \
    va_list rest;                                                                                  \
    va_start(rest, flags);                                                                         \
    const mode_t mode = flags & O_CREAT ? (mode_t)va_arg(rest, int) : 0;                           \
    va_end(rest);                                                                                  \
    return recorded_open(folder, path, flags, mode);                                               \
  }
OPEN_AT(openat)
OPEN_AT(openat64)
OPEN_AT(__openat_2)
OPEN_AT(__openat64_2)

int creat(const char *path, mode_t mode)
{
  return recorded_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int mkstemp(char *path)
{
  int (*real)(char *) = (int (*)(char *))next("mkstemp");
  char whole[PATH_MAX];
  enter();
  const int fd = real(path);
  if (fd >= 0 && find(AT_FDCWD, path, whole))
    note('C', inode_of(opened(fd, true)), 0, 0, whole, NULL, NULL);
  leave();
  return fd;
}

int close(int fd)
{
  int (*real)(int) = (int (*)(int))next("close");
  opened(fd, false);
  return real(fd);
}

/* ---- Writing ---- */

static void wrote(int fd, const void *bytes, ssize_t count, off_t at)
{
  if (count > 0) note('W', inode_of(fd), at, (size_t)count, NULL, NULL, bytes);
}

ssize_t write(int fd, const void *from, size_t count)
{
  ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))next("write");
  if (!ours(fd)) return real(fd, from, count);
  enter();
  const ssize_t done = real(fd, from, count);
  wrote(fd, from, done, lseek(fd, 0, SEEK_CUR) - (done > 0 ? done : 0)); /* also behind O_APPEND */
  leave();
  return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
  ssize_t (*real)(int, const struct iovec *, int) =
      (ssize_t(*)(int, const struct iovec *, int))next("writev");
  if (!ours(fd)) return real(fd, parts, count);
  ssize_t done = 0;
  for (int i = 0; i < count; i++) { /* as one may: a short write */
    const ssize_t part = write(fd, parts[i].iov_base, parts[i].iov_len);
    if (part < 0) return done ? done : part;
    done += part;
    if ((size_t)part < parts[i].iov_len) break;
  }
  return done;
}

#define WRITE_AT(name)                                                                             \
  ssize_t name(int fd, const void *from, size_t count, off_t at)                                   \
  {                                                                                                \
    ssize_t (*real)(int, const void *, size_t, off_t) =                                            \
        (ssize_t(*)(int, const void *, size_t, off_t))next(#name);                                 \
    if (!ours(fd)) return real(fd, from, count, at);                                               \
    enter();                                                                                       \
    const ssize_t done = real(fd, from, count, at);                                                \
    wrote(fd, from, done, at);                                                                     \
    leave();                                                                                       \
    return done;                                                                                   \
  }
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

#define TRUNCATE(name)                                                                             \
  int name(int fd, off_t size)                                                                     \
  {                                                                                                \
    int (*real)(int, off_t) = (int (*)(int, off_t))next(#name);                                    \
    if (!ours(fd)) return real(fd, size);                                                          \
    enter();                                                                                       \
    const int result = real(fd, size);                                                             \
    if (!result) note('T', inode_of(fd), size, 0, NULL, NULL, NULL);                               \
    leave();                                                                                       \
    return result;                                                                                 \
  }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define ALLOCATE(name)                                                                             \
  int name(int fd, off_t first, off_t count)                                                       \
  {                                                                                                \
    int (*real)(int, off_t, off_t) = (int (*)(int, off_t, off_t))next(#name);                      \
    struct stat info;                                                                              \
    if (!ours(fd)) return real(fd, first, count);                                                  \
    enter();                                                                                       \
    const int result = real(fd, first, count);                                                     \
    if (!result && fstat(fd, &info) == 0)                                                          \
      note('T', info.st_ino, info.st_size, 0, NULL, NULL, NULL);                                   \
    leave();                                                                                       \
    return result;                                                                                 \
  }
ALLOCATE(posix_fallocate)
ALLOCATE(posix_fallocate64)

#define SYNC(name, op)                                                                             \
  int name(int fd)                                                                                 \
  {                                                                                                \
    int (*real)(int) = (int (*)(int))next(#name);                                                  \
    if (!ours(fd)) return real(fd);                                                                \
    enter();                                                                                       \
    const int result = real(fd);                                                                   \
    if (!result) note(op, inode_of(fd), 0, 0, NULL, NULL, NULL);                                   \
    leave();                                                                                       \
    return result;                                                                                 \
  }
SYNC(fsync, 'S')
SYNC(fdatasync, 'S')
SYNC(syncfs, 'F')

/* ---- Streams, whose writes the C library makes itself ---- */

static ssize_t stream_write(void *stream, const char *bytes, size_t count)
{
  const ssize_t done = write((int)(long)stream, bytes, count);
  return done < 0 ? 0 : done;
}

static int stream_close(void *stream)
{
  return close((int)(long)stream);
}

static FILE *open_stream(const char *name, const char *path, const char *mode)
{
  static const cookie_io_functions_t ways = {.write = stream_write, .close = stream_close};
  FILE *(*real)(const char *, const char *) = (FILE * (*)(const char *, const char *)) next(name);
  char whole[PATH_MAX];
  if (*mode == 'r' || !find(AT_FDCWD, path, whole)) return real(path, mode);
  const int how = *mode == 'a' ? O_APPEND : O_TRUNC;
  const int fd = recorded_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
  return fd < 0 ? NULL : fopencookie((void *)(long)fd, "w", ways);
}

FILE *fopen(const char *path, const char *mode)
{
  return open_stream("fopen", path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
  return open_stream("fopen64", path, mode);
}

FILE *freopen(const char *path, const char *mode, FILE *stream)
{
  FILE *(*real)(const char *, const char *, FILE *) =
      (FILE * (*)(const char *, const char *, FILE *)) next("freopen");
  char whole[PATH_MAX];
  if (!find(AT_FDCWD, path, whole)) return real(path, mode, stream);
  fclose(stream);
  return fopen(path, mode);
}

/* ---- Names ---- */

static int recorded_rename(int from_folder, const char *from, int to_folder, const char *to)
{
  int (*real)(int, const char *, int, const char *) =
      (int (*)(int, const char *, int, const char *))next("renameat");
  char a[PATH_MAX], b[PATH_MAX];
  if (!find(from_folder, from, a) || !find(to_folder, to, b))
    return real(from_folder, from, to_folder, to);
  enter();
  const unsigned long long moved = inode_at(a);
  const bool same = moved == inode_at(b);
  const int result = real(from_folder, from, to_folder, to);
  if (!result && !same) note('R', moved, 0, 0, a, b, NULL);
  leave();
  return result;
}

int rename(const char *from, const char *to)
{
  return recorded_rename(AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
  return recorded_rename(from_folder, from, to_folder, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
  int (*real)(int, const char *, int, const char *, int) =
      (int (*)(int, const char *, int, const char *, int))next("linkat");
  char a[PATH_MAX], b[PATH_MAX];
  const bool mine = find(from_folder, from, a) && find(to_folder, to, b);
  if (!mine) return real(from_folder, from, to_folder, to, flags);
  enter();
  const int result = real(from_folder, from, to_folder, to, flags);
  if (!result) note('L', inode_at(b), 0, 0, a, b, NULL);
  leave();
  return result;
}

int link(const char *from, const char *to)
{
  return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlinkat(const char *target, int folder, const char *path)
{
  int (*real)(const char *, int, const char *) =
      (int (*)(const char *, int, const char *))next("symlinkat");
  char whole[PATH_MAX];
  if (!find(folder, path, whole)) return real(target, folder, path);
  enter();
  const int result = real(target, folder, path);
  if (!result) note('Y', inode_at(whole), 0, strlen(target), whole, NULL, target);
  leave();
  return result;
}

int symlink(const char *target, const char *path)
{
  return symlinkat(target, AT_FDCWD, path);
}

int unlinkat(int folder, const char *path, int flags)
{
  int (*real)(int, const char *, int) = (int (*)(int, const char *, int))next("unlinkat");
  char whole[PATH_MAX];
  if (!find(folder, path, whole)) return real(folder, path, flags);
  enter();
  const int result = real(folder, path, flags);
  if (!result) note(flags & AT_REMOVEDIR ? 'D' : 'U', 0, 0, 0, whole, NULL, NULL);
  leave();
  return result;
}

int unlink(const char *path)
{
  return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
  return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
  struct stat info;
  return lstat(path, &info) == 0 && S_ISDIR(info.st_mode) ? rmdir(path) : unlink(path);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
  int (*real)(int, const char *, mode_t) = (int (*)(int, const char *, mode_t))next("mkdirat");
  char whole[PATH_MAX];
  if (!find(folder, path, whole)) return real(folder, path, mode);
  enter();
  const int result = real(folder, path, mode);
  if (!result) note('M', inode_at(whole), 0, 0, whole, NULL, NULL);
  leave();
  return result;
}

int mkdir(const char *path, mode_t mode)
{
  return mkdirat(AT_FDCWD, path, mode);
}

char *mkdtemp(char *path)
{
  char *(*real)(char *) = (char *(*)(char *))next("mkdtemp");
  char whole[PATH_MAX];
  enter();
  char *made = real(path);
  if (made && find(AT_FDCWD, path, whole)) note('M', inode_at(whole), 0, 0, whole, NULL, NULL);
  leave();
  return made;
}

/* ---- What is not followed ---- */

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
  void *(*real)(void *, size_t, int, int, int, off_t) =
      (void *(*)(void *, size_t, int, int, int, off_t))next("mmap");
  if (ours(fd) && flags & MAP_SHARED && protection & PROT_WRITE)
    note('!', inode_of(fd), 0, 0, "mmap", NULL, NULL);
  return real(address, length, protection, flags, fd, offset);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count,
                        unsigned flags)
{
  ssize_t (*real)(int, off64_t *, int, off64_t *, size_t, unsigned) =
      (ssize_t(*)(int, off64_t *, int, off64_t *, size_t, unsigned))next("copy_file_range");
  if (ours(to)) note('!', inode_of(to), 0, 0, "copy_file_range", NULL, NULL);
  return real(from, from_at, to, to_at, count, flags);
}

ssize_t sendfile(int to, int from, off_t *at, size_t count)
{
  ssize_t (*real)(int, int, off_t *, size_t) =
      (ssize_t(*)(int, int, off_t *, size_t))next("sendfile");
  if (ours(to)) note('!', inode_of(to), 0, 0, "sendfile", NULL, NULL);
  return real(to, from, at, count);
}
