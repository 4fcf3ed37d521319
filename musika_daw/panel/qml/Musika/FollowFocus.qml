// What has the keys is scrolled into view.
import QtQuick

Connections {
    property Flickable flickable
    target: flickable ? flickable.Window.window : null
    function onActiveFocusItemChanged() {
        const item = target.activeFocusItem;
        for (let above = item; above; above = above.parent) {
            if (above !== flickable.contentItem)
                continue;
            const y = item.mapToItem(above, 0, 0).y;
            if (y < flickable.contentY)
                flickable.contentY = y - 8;
            else if (y + item.height > flickable.contentY + flickable.height)
                flickable.contentY = y + item.height - flickable.height + 8;
        }
    }
}
