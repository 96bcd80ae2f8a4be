/** What the fuzz targets of all modules share. */
package io.ringcast.fuzz;
