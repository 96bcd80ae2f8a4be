/**
 * The state of objects as bytes, and back: what the stages hold is written by a walk over it, so that no stage needs a
 * form of its own. What is the state and what is not is said where it stands, by {@link io.ringcast.image.NotInImage};
 * what the walk does not know it refuses by name.
 */
package io.ringcast.image;
