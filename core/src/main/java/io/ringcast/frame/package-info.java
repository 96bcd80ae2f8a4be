/**
 * Step 2 of the walk: the received text that step 1 has filled, the strict scanner that validates it, and the view of
 * its parts. A text is looked at once, byte by byte, by {@link io.ringcast.frame.FrameDecoder}; everything behind it
 * works on the ranges that {@link io.ringcast.frame.FrameView} holds, so payload bytes travel on as they came.
 */
package io.ringcast.frame;
