#include "adapters/http/api/openapi.hpp"
#include "adapters/cli/shell.hpp"
#include "adapters/http/api/api.hpp"
#include "workflows/all.hpp"

#include <iostream>

namespace cunmai::cli {

void add_openapi(Shell& shell) {
    shell.command("openapi", "Print the API's OpenAPI 3.1 document", [] {
        engine::Registry registry;
        workflows::add_all(registry);
        std::cout << http::api::openapi_document(http::api_routes(), registry).dump(2) << std::endl;
        return exit_ok;
    });
}

} // namespace cunmai::cli
