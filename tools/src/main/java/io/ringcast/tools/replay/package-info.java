/** What {@code ringcast replay} does: a recorded run, fed through the stages again, and what goes out as text. */
package io.ringcast.tools.replay;
