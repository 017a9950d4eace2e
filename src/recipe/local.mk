libdla_a_SOURCES += src/recipe/facts.c src/recipe/facts.h src/recipe/recipe.c src/recipe/recipe.h
