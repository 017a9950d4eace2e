/* One round of a short wait: it gives the processor less work, and its other threads more room. */
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
