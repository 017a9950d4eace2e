#ifndef DLA_CLI_WAITING_H
#define DLA_CLI_WAITING_H

/* Lets threads that wait for each other go to sleep soon, instead of spinning for 3 ms.
 *
 * On a shared processor, the thread that the others wait for may have no processor, and a thread
 * that spins keeps it away: with one competitor on two processors, training ran at a fourth of the
 * speed of one thread. Undisturbed, a short spin costs nothing: threads are a few microseconds
 * apart.
 *
 * libgomp reads GOMP_SPINCOUNT when it is loaded, before main(). So the program sets it and starts
 * itself again. What the user has set (OMP_WAIT_POLICY or GOMP_SPINCOUNT) stays, and children see
 * neither. Returns if there is nothing to do, or if the program cannot be started again. */
void dla_cli_settle_waiting(char **argv);

#endif
