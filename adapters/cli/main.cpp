#include "adapters/cli/shell.hpp"

int main(int argc, char** argv) { return cunmai::cli::run(argc, argv); }
