package io.ringcast.transport.journal;

import java.io.IOException;

/**
 * Tells whether the stages of a network can stand in memory once more: they take at most what is in use now.
 * Confined to the thread that makes checkpoints.
 */
interface SpareMemory
{
    /**
     * Looks at what is free; may take its time.
     *
     * @throws IOException          if it is too little; says so.
     * @throws InterruptedException if nobody wants to know any more.
     */
    void check() throws IOException, InterruptedException;
}
