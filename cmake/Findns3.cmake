# SPDX-License-Identifier: GPL-2.0-only
#
# Finds the modules of an installed ns-3 named as COMPONENTS and makes the target ns3::ns3.
#
# Debian's own ns3Config.cmake asks for programs of another package and names full paths of
# libraries that libns3-dev does not depend on, so the modules are looked for by name.

find_path(ns3_INCLUDE_DIR ns3/core-module.h)
set(ns3_LIBRARIES "")
foreach(component IN LISTS ns3_FIND_COMPONENTS)
  find_library(ns3_${component}_LIBRARY NAMES ns3-${component} ns${ns3_FIND_VERSION}-${component})
  if(ns3_${component}_LIBRARY)
    set(ns3_${component}_FOUND TRUE)
    list(APPEND ns3_LIBRARIES ${ns3_${component}_LIBRARY})
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ns3 REQUIRED_VARS ns3_INCLUDE_DIR ns3_LIBRARIES
                                  HANDLE_COMPONENTS)

if(ns3_FOUND AND NOT TARGET ns3::ns3)
  add_library(ns3::ns3 INTERFACE IMPORTED)
  target_include_directories(ns3::ns3 SYSTEM INTERFACE ${ns3_INCLUDE_DIR})
  target_link_libraries(ns3::ns3 INTERFACE ${ns3_LIBRARIES})
  # Debian's libraries are compiled with logging; without this the layouts of some classes differ.
  target_compile_definitions(ns3::ns3 INTERFACE NS3_LOG_ENABLE)
endif()
