#include "base/inherited.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the process inherited; written once, before there is a second thread. */
static struct {
  bool known;
  pid_t parent;
  sigset_t ignored, blocked;
  mode_t umask;
  bool files_known;
  struct rlimit files;
} inherited;

static const int stop_signals[] = {SIGTERM, SIGUSR1, SIGINT, SIGHUP};
static const int other_signals[] = {SIGCHLD, SIGPIPE, SIGXFSZ};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Opens descriptors that read as empty and fail when written to, as closed ones do. Where there is
 * no /dev/null, the root folder does the same. */
static void open_standard_descriptors(void)
{
  for (int fd = 0; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    if (open("/dev/null", O_RDONLY) < 0 && open("/", O_RDONLY | O_DIRECTORY) < 0) return;
  }
}

static void note_ignored(int number)
{
  struct sigaction now;
  if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
    sigaddset(&inherited.ignored, number);
}

static bool may_stay_ignored(int number)
{
  return number == SIGINT || number == SIGHUP;
}

static void set_signals(void)
{
  sigset_t blocked;
  sigemptyset(&inherited.ignored);
  for (size_t i = 0; i < COUNT(stop_signals); i++)
    note_ignored(stop_signals[i]);
  for (size_t i = 0; i < COUNT(other_signals); i++)
    note_ignored(other_signals[i]);
  inherited.known = true;
  dla_inherited_stop_signals(&blocked);
  sigprocmask(SIG_SETMASK, &blocked, &inherited.blocked);
  for (size_t i = 0; i < COUNT(stop_signals); i++)
    if (sigismember(&blocked, stop_signals[i])) signal(stop_signals[i], SIG_DFL);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

static void raise_file_limit(void)
{
  inherited.files_known = getrlimit(RLIMIT_NOFILE, &inherited.files) == 0;
  if (!inherited.files_known) return;
  const rlim_t enough = 65536; /* some libraries walk through all descriptors up to the limit */
  struct rlimit more = inherited.files;
  more.rlim_cur = more.rlim_max < enough ? more.rlim_max : enough;
  if (more.rlim_cur > inherited.files.rlim_cur) setrlimit(RLIMIT_NOFILE, &more);
}

void dla_inherited_put_right(void)
{
  open_standard_descriptors();
  inherited.parent = getppid();
  set_signals();
  inherited.umask = umask(S_IRWXG | S_IRWXO);
  umask(inherited.umask & (mode_t)~S_IRWXU);
  raise_file_limit();
}

void dla_inherited_give_back(void)
{
  if (!inherited.known) return; /* in a test's process */
  sigset_t blocked = inherited.blocked;
  for (size_t i = 0; i < COUNT(stop_signals); i++) {
    sigdelset(&blocked, stop_signals[i]);
    signal(stop_signals[i], sigismember(&inherited.ignored, stop_signals[i]) ? SIG_IGN : SIG_DFL);
  }
  for (size_t i = 0; i < COUNT(other_signals); i++)
    signal(other_signals[i], sigismember(&inherited.ignored, other_signals[i]) ? SIG_IGN : SIG_DFL);
  umask(inherited.umask);
  if (inherited.files_known) setrlimit(RLIMIT_NOFILE, &inherited.files);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
}

pid_t dla_inherited_parent(void)
{
  return inherited.parent;
}

void dla_inherited_stop_signals(sigset_t *set)
{
  sigemptyset(set);
  for (size_t i = 0; i < COUNT(stop_signals); i++)
    if (!may_stay_ignored(stop_signals[i]) || !inherited.known ||
        !sigismember(&inherited.ignored, stop_signals[i]))
      sigaddset(set, stop_signals[i]);
}
