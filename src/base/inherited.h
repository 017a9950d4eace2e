/* What a process gets from the one that starts it, and did not ask for: signals that are ignored or
 * blocked, descriptors that are closed, a umask, limits. It is put right before anything else is
 * done, and children get back what came in. */
#ifndef DLA_BASE_INHERITED_H
#define DLA_BASE_INHERITED_H

#include <signal.h>
#include <sys/types.h>

/* Called once, first in main(), while there is one thread:
 *   - Descriptors 0 to 2 are open, so that no file gets their numbers and no message lands in one.
 *   - SIGCHLD is the default, or a child's end would never be seen; SIGPIPE and SIGXFSZ are
 * ignored, because a closed pipe and a file that may not grow are errors of the write, with a
 * message.
 *   - The signals that stop the program are blocked, for the thread that waits for them
 *     (cli/signals.c); every other one is unblocked.
 *   - The owner may use what the program makes, whatever the umask says.
 *   - As many files may be open as the hard limit allows, and are ever needed. */
void dla_inherited_put_right(void);

/* Gives back what came in, but for descriptors, and for the signals that stop: these are unblocked,
 * or nobody could stop the next program. For a process that is about to call execve(): only calls
 * that are safe between fork() and execve() where other threads exist. */
void dla_inherited_give_back(void);

/* The process that started this one, which may have ended since. */
pid_t dla_inherited_parent(void);

/* The signals that stop the program: SIGTERM and SIGUSR1, and SIGINT and SIGHUP unless they came
 * ignored, as behind `&` in a script and under nohup. */
void dla_inherited_stop_signals(sigset_t *set);

#endif
