/** What the tests of laws share: how many seeds each is tried with, and the members of the texts that they look at. */
package io.ringcast.law;
