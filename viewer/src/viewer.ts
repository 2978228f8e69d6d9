/** Entry of viewer.js: mounts the viewer on every `<section data-viewer>`. */

import { mountEach } from "./dom";
import { mount } from "./viewer/mount";

mountEach("[data-viewer]", (section) => void mount(section));
