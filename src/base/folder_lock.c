#include "base/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/leftovers.h"
#include "base/process_stat.h"
#include "base/strbuf.h"
#include "base/write_at.h"

static const char file_name[] = ".dla-locked";

enum { HOST = 65, BOOT = 37 };

/* What the file says about the process that has the lock. */
typedef struct owner {
  char host[HOST], boot[BOOT]; /* boot: the kernel's id for this boot of the machine */
  int pid;
  unsigned long long born;
} owner;

struct dla_folder_lock {
  char *path;
  int fd;
};

/* ---- Who ---- */

static void read_boot(char boot[BOOT])
{
  FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
  if (!file || fscanf(file, "%36s", boot) != 1) snprintf(boot, BOOT, "-");
  if (file) fclose(file);
}

static owner this_process(void)
{
  owner here = {.pid = (int)getpid()};
  dla_process_stat now = {0};
  if (gethostname(here.host, sizeof here.host - 1) || !here.host[0])
    snprintf(here.host, sizeof here.host, "-");
  read_boot(here.boot);
  if (dla_process_look(getpid(), &now)) here.born = now.born;
  return here;
}

static bool read_owner(int fd, owner *who)
{
  char text[256];
  ssize_t length = pread(fd, text, sizeof text - 1, 0);
  if (length <= 0) return false;
  text[length] = '\0';
  return sscanf(text, "%64s %d %36s %llu\n", who->host, &who->pid, who->boot, &who->born) == 4;
}

static bool write_owner(int fd)
{
  char text[256];
  owner here = this_process();
  int length =
      snprintf(text, sizeof text, "%s %d %s %llu\n", here.host, here.pid, here.boot, here.born);
  if (ftruncate(fd, 0) || !dla_write_at(fd, text, (size_t)length, 0)) return false;
  fsync(fd); /* for other hosts: sends it to the file server */
  return true;
}

static bool is_of_this_start(const owner *who)
{
  owner here = this_process();
  return strcmp(who->host, here.host) == 0 && strcmp(who->boot, here.boot) == 0;
}

static bool is_alive(const owner *who)
{
  dla_process_stat now;
  return is_of_this_start(who) && dla_process_look(who->pid, &now) && now.born == who->born;
}

/* ---- Refusing ---- */

/* The other process may have the lock and not have written its name yet. */
static bool wait_for_owner(int fd, owner *who)
{
  enum { TRIES = 50 };
  for (int i = 0; i < TRIES; i++) {
    if (read_owner(fd, who)) return true;
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  return false;
}

static dla_status refuse(const char *folder, int fd, dla_error *err)
{
  owner who = {0};
  char hint[200];
  if (!wait_for_owner(fd, &who))
    return dla_fail(err, DLA_E_INPUT, folder, "wait for it, stop it, or choose another folder",
                    "another process writes into this folder");
  if (is_of_this_start(&who))
    snprintf(hint, sizeof hint, "wait for it, stop it, or choose another folder");
  else
    snprintf(hint, sizeof hint,
             "wait for it, or stop it; if %.64s is gone, delete %s in the folder", who.host,
             file_name);
  return dla_fail(err, DLA_E_INPUT, folder, hint, "process %d on host %s writes into this folder",
                  who.pid, who.host);
}

/* ---- Taking ---- */

static bool has_no_locks(int reason)
{
  return reason == ENOLCK || reason == EOPNOTSUPP || reason == ENOSYS || reason == EINVAL;
}

/* Whoever releases the lock deletes the file. So the file that was locked may be gone, and another
 * one be in its place. */
static bool is_still_there(const dla_folder_lock *lock)
{
  struct stat locked, there;
  return fstat(lock->fd, &locked) == 0 && lstat(lock->path, &there) == 0 &&
         locked.st_dev == there.st_dev && locked.st_ino == there.st_ino;
}

/* NFS gives an exclusive lock only to a descriptor that can write, and says EBADF to another. A
 * shared one tells as well whether the file's owner still has it. */
static bool lock_file(int fd)
{
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
  return errno == EBADF && flock(fd, LOCK_SH | LOCK_NB) == 0;
}

/* Returns false with DLA_OK: try again. */
static bool try_once(dla_folder_lock *lock, const char *folder, dla_status *status, dla_error *err)
{
  owner who = {0};
  bool foreign = false;
  lock->fd = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (lock->fd < 0 && errno == EACCES) { /* the file is another user's; its process may be gone */
    foreign = true;
    lock->fd = open(lock->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  }
  if (lock->fd < 0) {
    *status = dla_fail_errno(err, lock->path, "open");
    return true;
  }
  bool locked = lock_file(lock->fd);
  bool none = !locked && has_no_locks(errno);
  if (!locked && !none && errno != EWOULDBLOCK)
    *status = dla_fail_errno(err, lock->path, "lock");
  else if (none ? read_owner(lock->fd, &who) && is_alive(&who) : !locked)
    *status = refuse(folder, lock->fd, err);
  else if (foreign && is_still_there(lock) && unlink(lock->path))
    *status = dla_fail_errno(err, lock->path, "delete");
  else if (foreign || !is_still_there(lock))
    return false;
  else if (!write_owner(lock->fd))
    *status = dla_fail_errno(err, lock->path, "write");
  return true;
}

dla_status dla_folder_lock_take(const char *folder, dla_folder_lock **out, dla_error *err)
{
  dla_strbuf path = {0};
  dla_status status = DLA_OK;
  dla_folder_lock *lock = calloc(1, sizeof *lock);
  dla_strbuf_printf(&path, "%s/%s", folder, file_name);
  if (!lock || path.failed) {
    free(lock);
    dla_strbuf_free(&path);
    return dla_fail_memory(err, "a file name");
  }
  *lock = (dla_folder_lock){.path = path.text, .fd = -1};
  while (!try_once(lock, folder, &status, err))
    close(lock->fd);
  if (!status && !dla_leftover_note(lock->path)) status = dla_fail_memory(err, "a file name");
  if (!status) {
    *out = lock;
    return DLA_OK;
  }
  if (lock->fd >= 0) close(lock->fd);
  free(lock->path);
  free(lock);
  return status;
}

void dla_folder_lock_release(dla_folder_lock *lock)
{
  if (!lock) return;
  if (is_still_there(lock)) unlink(lock->path);
  dla_leftover_forget(lock->path);
  close(lock->fd);
  free(lock->path);
  free(lock);
}
