// Loads an LV2 plug-in of DPF and has it write its description: describe_lv2 FILE NAME, in the bundle's folder.
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include <cstdio>

int main(int count, char** words) {
    if (count != 3) {
        std::fprintf(stderr, "expected the plug-in's file and its name\n");
        return 2;
    }
    using Describe = void (*)(const char*);
#ifdef _WIN32
    const HMODULE library = LoadLibraryA(words[1]);
    const auto describe = library ? reinterpret_cast<Describe>(GetProcAddress(library, "lv2_generate_ttl")) : nullptr;
#else
    void* const library = dlopen(words[1], RTLD_NOW);
    if (library == nullptr)
        std::fprintf(stderr, "%s\n", dlerror());
    const auto describe = library ? reinterpret_cast<Describe>(dlsym(library, "lv2_generate_ttl")) : nullptr;
#endif
    if (describe == nullptr)
        return 1;
    describe(words[2]);
    return 0;
}
