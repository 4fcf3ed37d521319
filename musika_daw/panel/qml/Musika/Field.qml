// A line of text that is sent when it is finished, and shows what the engine took.
import QtQuick
import QtQuick.Controls.Basic as Basic

Basic.TextField {
    id: field
    property var item
    property bool menu: false
    property string tip: item ? item.help : ""
    property string shown: item ? item.entry : ""

    implicitHeight: Theme.control
    font.pixelSize: Theme.normal
    color: Theme.text
    selectByMouse: true
    placeholderTextColor: Theme.dim
    Accessible.name: item ? item.label : placeholderText
    background: Rectangle {
        radius: 6
        color: Theme.ground
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.text : Theme.line
    }
    Tip { text: field.tip; shown: field.hovered && !field.activeFocus }
    TapHandler { acceptedButtons: Qt.RightButton; onTapped: if (field.menu) ControlMenu.open(field, field.item) }
    Binding on text {
        value: field.shown
        when: !field.activeFocus
        restoreMode: Binding.RestoreNone // what is there can be edited
    }
    onAccepted: {
        if (item)
            item.move(text);
        focus = false;
    }
    Keys.onEscapePressed: {
        text = shown;
        focus = false;
    }
}
