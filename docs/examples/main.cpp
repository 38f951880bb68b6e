// The program with one workflow more: `cunmai_with_examples serve …` is `cunmai serve …` that knows leave requests. A
// house that brings a workflow of its own writes such a main().
#include "adapters/cli/shell.hpp"
#include "adapters/words/texts.hpp"
#include "cmake/embedded.hpp"
#include "docs/examples/leave_request.hpp"
#include "workflows/all.hpp"

int main(int argc, char** argv) {
    cunmai::workflows::host({cunmai::examples::leave_request, cunmai::examples::leave_roles()});
    cunmai::texts::bring(cunmai::embedded::examples());
    return cunmai::cli::run(argc, argv);
}
