/* Preloaded into a program, makes one of its calls fail. Counted are the calls on files below
 * $FAULT_UNDER, those on sockets of the Internet, and the program's own calls (not those of
 * libraries) for memory and threads:
 * FAULT=write:17:28 makes the 17th write fail with errno 28 (ENOSPC), and with :always behind it
 * all that follow as well. The errno "short" writes half of the bytes. With FAULT_COUNTS=FILE the
 * numbers of calls go there when the program ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preload.h"

#define CALLS(C)                                                                                   \
  C(open)                                                                                          \
  C(read)                                                                                          \
  C(write)                                                                                         \
  C(fsync)                                                                                         \
  C(close)                                                                                         \
  C(rename)                                                                                        \
  C(link)                                                                                          \
  C(unlink) C(mkdir) C(truncate) C(map) C(memory) C(thread) C(socket) C(connect) C(send) C(receive)

typedef enum call {
#define ENUM(name) CALL_##name,
  CALLS(ENUM) CALL_COUNT
} call;

static const char *const names[] = {
#define NAME(name) #name,
    CALLS(NAME)};

static _Atomic long counts[CALL_COUNT];
static atomic_bool
    is_socket[MOST_FILES]; /* by descriptor: to another host, or to this one's own address */
static const char *under;
static int failing = -1, error;
static long at;
static bool always, is_short;

/* The program's code. */
static uintptr_t code_begin, code_end;

/* The first object is the program. */
static int find_code(struct dl_phdr_info *object, size_t size, void *unused)
{
  (void)size, (void)unused;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
    code_begin = object->dlpi_addr + part->p_vaddr;
    code_end = code_begin + part->p_memsz;
  }
  return 1;
}

/* Whether the function that contains this was called by the program itself. */
#define BY_PROGRAM by_program((uintptr_t)__builtin_return_address(0))
static bool by_program(uintptr_t address)
{
  return address >= code_begin && address < code_end;
}

__attribute__((constructor)) static void begin(void)
{
  dl_iterate_phdr(find_code, NULL);
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

static bool on_socket(int fd)
{
  return fd >= 0 && fd < MOST_FILES && atomic_load(&is_socket[fd]);
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
  if (on_socket(fd)) atomic_store(&is_socket[fd], false);
  const int result = real(fd);
  return mine && fails(CALL_close) ? -1 : result;
}

ssize_t read(int fd, void *to, size_t count)
{
  ssize_t (*real)(int, void *, size_t) = (ssize_t(*)(int, void *, size_t))next("read");
  return ours(fd) && fails(CALL_read) ? -1 : real(fd, to, count);
}

/* What the headers make of read() and the like with _FORTIFY_SOURCE. */
ssize_t __read_chk(int fd, void *to, size_t count, size_t room)
{
  if (count > room) abort();
  return read(fd, to, count);
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

/* ---- Sockets ---- */

int socket(int domain, int type, int protocol)
{
  int (*real)(int, int, int) = (int (*)(int, int, int))next("socket");
  const bool internet = domain == AF_INET || domain == AF_INET6;
  const int fd = internet && fails(CALL_socket) ? -1 : real(domain, type, protocol);
  if (fd >= 0 && fd < MOST_FILES) atomic_store(&is_socket[fd], internet);
  return fd;
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
  int (*real)(int, const struct sockaddr *, socklen_t) =
      (int (*)(int, const struct sockaddr *, socklen_t))next("connect");
  return on_socket(fd) && fails(CALL_connect) ? -1 : real(fd, address, size);
}

ssize_t send(int fd, const void *from, size_t count, int flags)
{
  ssize_t (*real)(int, const void *, size_t, int) =
      (ssize_t(*)(int, const void *, size_t, int))next("send");
  if (!on_socket(fd) || !fails(CALL_send)) return real(fd, from, count, flags);
  return is_short ? real(fd, from, (count + 1) / 2, flags) : -1;
}

ssize_t recv(int fd, void *to, size_t count, int flags)
{
  ssize_t (*real)(int, void *, size_t, int) = (ssize_t(*)(int, void *, size_t, int))next("recv");
  if (!on_socket(fd) || !fails(CALL_receive)) return real(fd, to, count, flags);
  return is_short ? real(fd, to, (count + 1) / 2, flags) : -1;
}

ssize_t __recv_chk(int fd, void *to, size_t count, size_t room, int flags)
{
  if (count > room) abort();
  return recv(fd, to, count, flags);
}

/* ---- Memory and threads ---- */

/* dlsym() allocates, so the originals are called by their other names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
  return BY_PROGRAM && fails(CALL_memory) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
  return BY_PROGRAM && fails(CALL_memory) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
  return BY_PROGRAM && fails(CALL_memory) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
  return BY_PROGRAM && fails(CALL_memory) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **to, size_t alignment, size_t size)
{
  if (BY_PROGRAM && fails(CALL_memory)) return ENOMEM;
  *to = __libc_memalign(alignment, size);
  return *to ? 0 : ENOMEM;
}

char *strndup(const char *text, size_t most)
{
  const size_t length = strnlen(text, most);
  char *copy = BY_PROGRAM && fails(CALL_memory) ? NULL : __libc_malloc(length + 1);
  if (copy) *(char *)mempcpy(copy, text, length) = '\0';
  return copy;
}

char *strdup(const char *text)
{
  const size_t size = strlen(text) + 1;
  char *copy = BY_PROGRAM && fails(CALL_memory) ? NULL : __libc_malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

static int print_to(char **to, const char *format, va_list arguments)
{
  int (*real)(char **, const char *, va_list) =
      (int (*)(char **, const char *, va_list))next("vasprintf");
  return real(to, format, arguments);
}

int vasprintf(char **to, const char *format, va_list arguments)
{
  return BY_PROGRAM && fails(CALL_memory) ? -1 : print_to(to, format, arguments);
}

int __vasprintf_chk(char **to, int flag, const char *format, va_list arguments)
{
  (void)flag;
  return BY_PROGRAM && fails(CALL_memory) ? -1 : print_to(to, format, arguments);
}

int __asprintf_chk(char **to, int flag, const char *format, ...)
{
  va_list arguments;
  (void)flag;
  va_start(arguments, format);
  const int length = BY_PROGRAM && fails(CALL_memory) ? -1 : print_to(to, format, arguments);
  va_end(arguments);
  return length;
}

int asprintf(char **to, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int length = BY_PROGRAM && fails(CALL_memory) ? -1 : print_to(to, format, arguments);
  va_end(arguments);
  return length;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
  int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = (int (*)(
      pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))next("pthread_create");
  return BY_PROGRAM && fails(CALL_thread) ? error : real(thread, attributes, run, argument);
}
