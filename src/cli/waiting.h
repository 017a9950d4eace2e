#ifndef DLA_CLI_WAITING_H
#define DLA_CLI_WAITING_H

/* Makes threads that wait for each other sleep soon, instead of spinning for 3 ms.
 *
 * Where a processor is shared, the thread that is waited for may have none, and who spins keeps the
 * other: with one competitor on two processors training was a fourth of what one thread does. A
 * short spin costs nothing undisturbed: threads are a few microseconds apart.
 *
 * libgomp reads GOMP_SPINCOUNT when it is loaded, before main(); so the program starts itself once
 * more with it set. What the user has set (OMP_WAIT_POLICY or GOMP_SPINCOUNT) stays, and children
 * see neither. Returns where there is nothing to do, or where the program cannot be started again.
 */
void dla_cli_settle_waiting(char **argv);

#endif
