// How a fader or knob is moved: drag (finer with shift), wheel, double click for the default, right click for its menu.
import QtQuick

MouseArea {
    id: area
    property var item
    property Item owner
    property bool vertical: true
    property real travel: 150

    property real from
    property real start

    anchors.fill: parent
    hoverEnabled: true
    acceptedButtons: Qt.LeftButton | Qt.RightButton
    preventStealing: true
    onPressed: mouse => {
        owner.forceActiveFocus();
        if (mouse.button === Qt.RightButton) {
            ControlMenu.open(owner, item);
            return;
        }
        from = item ? item.way : 0;
        start = vertical ? mouse.y : mouse.x;
    }
    onPositionChanged: mouse => {
        if (!(mouse.buttons & Qt.LeftButton) || !item)
            return;
        const moved = (vertical ? start - mouse.y : mouse.x - start) / travel;
        item.put(from + moved * (mouse.modifiers & Qt.ShiftModifier ? 0.2 : 1));
    }
    onDoubleClicked: if (item) item.reset()
    onWheel: wheel => { if (item) item.put(item.way + wheel.angleDelta.y / 120 * 0.02); }
    Tip { text: area.item ? area.item.text + " · " + area.item.help : ""; shown: area.containsMouse && !area.pressed }
}
