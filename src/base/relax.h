/* A round of a short wait: less work for the processor, and room for its other threads. */
#ifndef DLA_BASE_RELAX_H
#define DLA_BASE_RELAX_H

static inline void dla_relax(void)
{
#if defined __x86_64__
  __builtin_ia32_pause();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

#endif
