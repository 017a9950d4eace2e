/* What a process inherits without asking: ignored or blocked signals, closed descriptors, a umask,
 * limits. The process puts them right before it does anything else; its children get them back as
 * they came in. */
#ifndef DLA_BASE_INHERITED_H
#define DLA_BASE_INHERITED_H

#include <signal.h>
#include <sys/types.h>

/* Called once, first in main(), while there is one thread:
 *   - Descriptors 0 to 2 are open, so that no file gets their numbers and no message lands in one.
 *   - SIGCHLD is the default, or a child's end would never be seen. SIGPIPE and SIGXFSZ
 *     are ignored: a closed pipe and a file that may not grow are errors of the write, with a
 *     message.
 *   - The signals that stop the program are blocked, for the thread that waits for them
 *     (cli/signals.c). All others are unblocked.
 *   - The owner may use what the program makes, whatever the umask says.
 *   - As many files may be open as the hard limit allows, but no more than are ever needed. */
void dla_inherited_put_right(void);

/* Restores what was inherited, except the descriptors and the signals that stop the program: these
 * are unblocked, or nobody could stop the next program. For a process that is about to call
 * execve(): all calls here are safe between fork() and execve() where other threads exist. */
void dla_inherited_give_back(void);

/* The process that started this one; it may have ended since. */
pid_t dla_inherited_parent(void);

/* The signals that stop the program: SIGTERM, SIGUSR1, SIGINT and SIGHUP. The last two are not
 * among them if they were inherited ignored, as behind `&` in a script and under nohup. */
void dla_inherited_stop_signals(sigset_t *set);

#endif
