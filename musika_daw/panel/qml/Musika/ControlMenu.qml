// What a right click on any control offers: MIDI learn, its default, a value to type.
pragma Singleton
import QtQuick

QtObject {
    signal asked(Item where, var item)

    function open(where, item) {
        if (item)
            asked(where, item);
    }
}
