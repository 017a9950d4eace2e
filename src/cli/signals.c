#include "cli/signals.h"

#include <signal.h>
#include <unistd.h>

/* The one mutable global of the program: a signal handler has no other way to tell. */
static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
  if (number == SIGINT && stop_requested) _exit(128 + SIGINT);
  stop_requested = number;
}

void dla_cli_catch_signals(void)
{
  static const int numbers[] = {SIGTERM, SIGINT, SIGUSR1};
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    sigaction(numbers[i], &action, NULL);
}

/* Libraries put handlers in place of ours when they are loaded or first compile something: LLVM's
 * swallows SIGUSR1 (llvm/lib/Support/Unix/Signals.inc). PoCL loads it, and so does MPI_Init where
 * hwloc has its plugin for OpenCL. So whoever asks puts ours back. */
static bool is_requested(void *context)
{
  (void)context;
  dla_cli_catch_signals();
  return stop_requested != 0;
}

int dla_cli_stop_signal(void)
{
  return stop_requested;
}

dla_stop dla_cli_stop(void)
{
  return (dla_stop){is_requested, NULL};
}
